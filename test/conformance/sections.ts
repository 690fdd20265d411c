/** The sections of the contract that cases name, and the facts of them that no case can prove. */

/** The subject of each section, in the contract's order. */
export const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["1.1", "Modes"],
  ["1.2", "Who may"],
  ["1.3", "Pages from elsewhere"],
  ["1.4", "Limits and connections"],
  ["2", "Where descriptions come from"],
  ["2.1", "How a flow becomes a schema"],
  ["2.2", "Oddities of descriptions"],
  ["3.1", "Forms, whole, odd and damaged"],
  ["3.2", "Standard parameters"],
  ["3.3", "Parameters of flows"],
  ["3.4", "Seeds, counts, translation"],
  ["3.5", "Webhook fields, priority, group, child"],
  ["3.6", "Files and references"],
  ["3.7", "Headers for admins"],
  ["3.8", "Answers to a create"],
  ["3.9", "Create and wait"],
  ["4.1", "States and progress"],
  ["4.2", "The queue"],
  ["4.3", "Restart"],
  ["4.4", "Cancel, delete, clear"],
  ["4.5", "Reading tasks"],
  ["4.6", "The JSON of a task"],
  ["5.1", "Result files"],
  ["5.2", "Input files"],
  ["6", "Webhooks"],
  ["7", "Workers"],
  ["8.1", "Endpoints for flows"],
  ["8.2", "The JSON of a flow"],
  ["9", "Other endpoints"],
  ["10", "Traps"],
  ["11", "Making a create safe to repeat"],
  ["12", "Scale"],
  ["13", "Seen since"],
  ["14", "Where the guide differs"],
]);

export interface NotImitated {
  readonly section: string;
  /** The feature of the real server. */
  readonly what: string;
  readonly why: string;
}

/** Facts of the contract that the stand-in leaves out. */
export const NOT_IMITATED: readonly NotImitated[] = [
  {
    section: "1.1",
    what: "`WORKER` mode, and a worker that shares the database",
    why: "neither is an HTTP server; a real worker can work for the stand-in",
  },
  {
    section: "1.2",
    what: "users from Nextcloud and LDAP",
    why: "they need those servers; to a client the answers are those of the database's users",
  },
  {
    section: "1.2",
    what: "the login cache of 15 s",
    why: "no user changes while it runs, so nothing would show it",
  },
  {
    section: "2",
    what: "descriptions made by the server's command line",
    why: "it has no command line of the server; `binary` chooses between the spellings of older and newer servers",
  },
  {
    section: "2.2",
    what: "operation ids, bodies and answers of the base endpoints in descriptions",
    why: "the real document is its authors' work; the stand-in's has the paths, methods and query parameters",
  },
  {
    section: "3.3",
    what: "limits of single nodes",
    why: "they are in the nodes' code, and every installation has others",
  },
  {
    section: "3.8",
    what: "the wait for a download of the catalogue, and tables that another process has not read yet",
    why: "it is one process with a catalogue of its own; the fault `delay` makes a create slow",
  },
  {
    section: "4.4",
    what: "a node without steps that runs on after it was cancelled",
    why: "the stand-in stops at once, and its next task starts earlier",
  },
  {
    section: "7",
    what: "the pace of the stock worker: its pauses, timeouts and attempts",
    why: "they are the client's side; the stand-in answers whoever asks, at any pace",
  },
  {
    section: "8.1",
    what: "new versions of flows, and LoRAs of a copy",
    why: "its catalogue never changes, and it has no models",
  },
  {
    section: "8.1",
    what: "a workflow that is uploaded",
    why: "it would have to be read as ComfyUI reads it; `flows` takes a description of private flows",
  },
  {
    section: "9",
    what: "users' settings that the admin has locked (412)",
    why: "which setting locks them is not known",
  },
  {
    section: "9",
    what: "unused model files, and the models of an Ollama server",
    why: "it has no models: the list is empty, and the server cannot be reached",
  },
  {
    section: "9",
    what: "the user interface of ComfyUI and the web UI",
    why: "they are other programs; an admin gets 404 there",
  },
  {
    section: "9",
    what: "federation, but for the empty list of instances and the header of 3.7",
    why: "it needs a second server that works for the first, and which answers it gives is not known",
  },
  {
    section: "9",
    what: "`other/proxy`",
    why: "no description has it, and it would let every caller reach what the machine can",
  },
  {
    section: "10",
    what: "a list of traps",
    why: "each is a case of the section that it is about",
  },
  {
    section: "12",
    what: "times and sizes with thousands of tasks, the database, its locks and its limits",
    why: "there is no database; `history` fills the lists and `slow` takes the time that was measured",
  },
  {
    section: "14",
    what: "what the guide says and the server does not do",
    why: "each is a case of the section that it is about",
  },
];
