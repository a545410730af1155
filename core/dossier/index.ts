export { dayAfter, lookedAtOn } from "./days.js";
export * from "./heard.js";
export * from "./rules.js";
export * from "./store.js";
export * from "./view.js";
