// Values of another realm, for runtimes that have only one: built here, with prototypes that are copies of the real ones.
// All that a library can see of a foreign object is there: `instanceof` fails, internal slots are real.

/** Constructors as another realm would have them. */
export function foreignRealm() {
  const viewPrototype = copy(Object.getPrototypeOf(Uint8Array.prototype), Object.prototype);
  return {
    Date: foreign(Date, copy(Date.prototype, Object.prototype)),
    Uint8Array: foreign(Uint8Array, copy(Uint8Array.prototype, viewPrototype)),
  };
}

function copy(prototype, parent) {
  return Object.create(parent, Object.getOwnPropertyDescriptors(prototype));
}

function foreign(Constructor, prototype) {
  return class {
    constructor(...values) {
      // biome-ignore lint/correctness/noConstructorReturn: what `new` gives is the foreign value.
      return Object.setPrototypeOf(new Constructor(...values), prototype);
    }
  };
}
