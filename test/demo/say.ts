/** Tells a line of the story. */
export function say(text: string): void {
  console.log(text);
}
