/** What can be asked of a task beside its result. Loaded when it is. */
export { deleteTask, restartTask } from "./api-more.js";
export { cancelTasks } from "./cancel.js";
export { taskDetails } from "./task-info.js";
