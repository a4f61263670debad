// A `Response` that is none of this realm, as those of undici, of node-fetch, or of `fetch` where a server has replaced the class.

/** It has the members of a `Response` and its tag, and is no instance of the global class. */
export class ForeignResponse {
  #response;

  constructor(body, init) {
    this.#response = new Response(body, init);
  }

  get status() {
    return this.#response.status;
  }

  get statusText() {
    return this.#response.statusText;
  }

  get headers() {
    return this.#response.headers;
  }

  get body() {
    return this.#response.body;
  }

  get bodyUsed() {
    return this.#response.bodyUsed;
  }

  arrayBuffer() {
    return this.#response.arrayBuffer();
  }

  get [Symbol.toStringTag]() {
    return "Response";
  }
}
