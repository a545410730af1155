export { insService } from "./service.js";
