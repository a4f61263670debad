/** The script of a worker, with Argon2 alone. */
declare const script: string;
export default script;
