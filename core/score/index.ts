export { type Coverage, type CoverageInput, coverage } from "./coverage.js";
export { gateOfChecks, gateOfWaves } from "./gate.js";
export { decide, type ScoreInput, scorePerimeters } from "./perimeter.js";
export { type Reviews, reviewableProofs, reviewsOf } from "./reviews.js";
export { judgeRow, type ScoreAnswers } from "./verdict.js";
