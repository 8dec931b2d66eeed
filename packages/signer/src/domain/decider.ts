/** Who says yes or no: a person at a window of ours, or the program behind Clef's window API. */
export type Decider = "person" | "program";
