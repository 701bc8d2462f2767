/** What is said where a sensor is listened to: until it is over, there is nothing else to see. */
export const listening = (name: string): string => `forebay: listening to ${name}; Ctrl-C ends it`;
