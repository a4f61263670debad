/** The script of a worker, with every scheme, which the build makes of worker.ts. */
declare const script: string;
export default script;
