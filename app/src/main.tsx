/** Entry of the page. */
import { render } from "preact";
import { App } from "./app.js";
import { followFlows } from "./state/flows.js";
import { applySettings } from "./state/settings.js";
import { followTasks } from "./state/tasks.js";
import "./style.css";

applySettings();
followTasks();
followFlows();
render(<App />, document.querySelector("#app") as HTMLElement);
