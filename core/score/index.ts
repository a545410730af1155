export { type Coverage, type CoverageInput, type CoveredRow, coverage } from "./coverage.js";
export { gateOfChecks, gateOfWaves } from "./gate.js";
export { decide, type ScoreInput, scorePerimeters } from "./perimeter.js";
export { CLAIMED, type Reviews, reviewableProofs, reviewsOf } from "./reviews.js";
export { judgeRow, type ScoreAnswers } from "./verdict.js";
