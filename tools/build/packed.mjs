// Compresses a module more than gzip and brotli do. `pkg/src/load/packed.ts` decompresses it.
//
// As in LZMA, the bytes become literals and copies of earlier bytes. Each is written as decisions of one bit. A range coder writes a
// decision in as many bits as it surprises: its likelihood depends on its context, and is learned from the decisions before it.
// It takes a few seconds, because it looks for the cheapest way to write all bytes, several times over, each time with what
// decisions cost in the round before.

/** The first likelihood of each kind of decision. `pkg/src/load/packed.ts` has the same numbers. */
const AGAIN = 8;
const LENGTHS = 16;
const DISTANCES = 528;
const LITERALS = 1664;
const COUNT = LITERALS + 8 * 768;

const LONGEST = 273;
/** How many earlier places are looked at for a copy. */
const DEPTH = 600;
const ROUNDS = 4;

/** The modules for pages, whose text is compressed. Decompressing takes longer than compiling, which a server would notice. */
export const PACKED = ["lite", "verify"];

/** The text: in base64, the length of the bytes in three bytes, and then the compressed bytes. They do not compress any more. */
export const encodePacked = (bytes) => pack(bytes).toString("base64");

function pack(bytes) {
  const copies = copiesIn(bytes);
  let prices = new Float64Array(2 * COUNT).fill(1);
  let best;
  for (let round = 0; round < ROUNDS; round += 1) {
    const coder = new Coder();
    write(bytes, cheapest(bytes, copies, prices), coder);
    prices = coder.prices();
    const packed = coder.end();
    if (best === undefined || packed.length < best.length) best = packed;
  }
  return Buffer.concat([Buffer.from([bytes.length >> 16, (bytes.length >> 8) & 255, bytes.length & 255]), best]);
}

// For each position, its copies: length and distance, from the nearest to the longest.
function copiesIn(bytes) {
  const pairs = new Map();
  const triples = new Map();
  const before = new Int32Array(bytes.length);
  return Array.from(bytes, (byte, at) => {
    if (at + 2 >= bytes.length) return [];
    const pair = byte | (bytes[at + 1] << 8);
    const triple = pair | (bytes[at + 2] << 16);
    const copies = pairs.has(pair) ? [[2, at - pairs.get(pair)]] : [];
    let from = triples.get(triple) ?? -1;
    before[at] = from;
    pairs.set(pair, at);
    triples.set(triple, at);
    for (let tries = 0; from >= 0 && tries < DEPTH; tries += 1, from = before[from]) {
      const length = commonLength(bytes, from, at);
      if ((copies.at(-1)?.[0] ?? 0) < length) copies.push([length, at - from]);
    }
    return copies;
  });
}

function commonLength(bytes, from, at) {
  const most = Math.min(LONGEST, bytes.length - at);
  let length = 0;
  while (length < most && bytes[from + length] === bytes[at + length]) length += 1;
  return length;
}

// The cheapest steps from the first byte to the last: the length and the distance of each copy, or [1, 0] for a literal.
function cheapest(bytes, copies, prices) {
  const meter = new Meter(prices);
  const places = Array.from({ length: bytes.length + 1 }, () => ({ cost: Number.POSITIVE_INFINITY }));
  places[0] = { cost: 0, state: 0, distance: 1 };
  for (let at = 0; at < bytes.length; at += 1) {
    const { cost, state, distance } = places[at];
    const reach = (length, of, price) => {
      if (places[at + length].cost <= cost + price) return;
      places[at + length] = {
        cost: cost + price,
        state: after(state, of),
        distance: of || distance,
        step: [length, of],
      };
    };
    reach(
      1,
      0,
      meter.priceOf((coder) => writeLiteral(bytes, at, state, distance, coder)),
    );
    const again = meter.priceOf((coder) => startCopy(state, 1, coder));
    const most = distance <= at ? commonLength(bytes, at - distance, at) : 0;
    for (let length = 1; length <= most; length += 1) reach(length, distance, again + meter.lengths[1][length]);
    const anew = meter.priceOf((coder) => startCopy(state, 0, coder));
    let shortest = 2;
    for (const [longest, of] of copies[at]) {
      for (let length = shortest; length <= longest && of !== distance; length += 1)
        reach(length, of, anew + meter.lengths[0][length] + meter.distance(length, of));
      shortest = longest + 1;
    }
  }
  const steps = [];
  for (let at = bytes.length; at > 0; at -= steps.at(-1)[0]) steps.push(places[at].step);
  return steps.reverse();
}

function write(bytes, steps, coder) {
  let [at, state, distance] = [0, 0, 1];
  for (const [length, of] of steps) {
    if (of === 0) writeLiteral(bytes, at, state, distance, coder);
    else {
      const again = of === distance ? 1 : 0;
      startCopy(state, again, coder);
      writeLength(again, length, coder);
      if (again === 0) writeDistance(length, of, coder);
      distance = of;
    }
    state = after(state, of);
    at += length;
  }
}

/** Which of the last three steps were copies. */
const after = (state, distance) => ((state << 1) & 7) | (distance === 0 ? 0 : 1);

function writeLiteral(bytes, at, state, distance, coder) {
  coder.write(state, 0);
  const base = LITERALS + 768 * ((bytes[at - 1] ?? 0) >> 5);
  // After a copy, the byte is compared with the one that would have continued it.
  let expected = (state & 1) === 1 ? bytes[at - distance] | 256 : 1;
  let node = 1;
  for (let place = 7; place >= 0; place -= 1) {
    const [bit, other] = [(bytes[at] >> place) & 1, (expected >> place) & 1];
    coder.write(base + node + (expected < 256 ? 0 : 256 + 256 * other), bit);
    if (bit !== other) expected = 1;
    node = node * 2 + bit;
  }
}

function startCopy(state, again, coder) {
  coder.write(state, 1);
  coder.write(AGAIN + state, again);
}

const writeLength = (again, length, coder) => writeNumber(LENGTHS + 256 * again, length, coder);
const writeDistance = (length, distance, coder) =>
  writeNumber(DISTANCES + 284 * Math.min(length - 2, 3), distance, coder);

// How many bits it has after the first, and then these bits. The likelihoods of the first three are learned.
function writeNumber(base, number, coder) {
  const size = 31 - Math.clz32(number);
  for (let place = 4, node = 1; place >= 0; place -= 1, node = node * 2 + ((size >> (place + 1)) & 1))
    coder.write(base + node, (size >> place) & 1);
  for (let place = size - 1; place >= 0; place -= 1) {
    const node = number >> (place + 1);
    coder.write(node < 8 ? base + 32 + size * 8 + node : undefined, (number >> place) & 1);
  }
}

// What decisions cost, in bits.
class Meter {
  constructor(prices) {
    this.prices = prices;
    const lengths = Array.from({ length: LONGEST }, (_, index) => index + 1);
    this.lengths = [0, 1].map((again) => [
      0,
      ...lengths.map((length) => this.priceOf((coder) => writeLength(again, length, coder))),
    ]);
    this.distances = [2, 3, 4, 5].map(() => new Map());
  }

  priceOf(work) {
    this.sum = 0;
    work(this);
    return this.sum;
  }

  write(place, bit) {
    this.sum += place === undefined ? 1 : this.prices[2 * place + bit];
  }

  distance(length, distance) {
    const known = this.distances[Math.min(length - 2, 3)];
    if (!known.has(distance))
      known.set(
        distance,
        this.priceOf((coder) => writeDistance(length, distance, coder)),
      );
    return known.get(distance);
  }
}

// The range coder of LZMA, which keeps back bytes that a carry may still change.
class Coder {
  likelihoods = new Uint16Array(COUNT).fill(2048);
  counts = new Uint32Array(2 * COUNT);
  costs = new Float64Array(2 * COUNT);
  low = 0;
  range = 2 ** 32 - 1;
  held = [];
  bytes = [];

  /** Writes a decision with its likelihood, of 4096, or an even one. */
  write(place, bit) {
    const likelihood = place === undefined ? 2048 : this.likelihoods[place];
    const bound = (this.range >>> 12) * likelihood;
    if (bit === 0) this.range = bound;
    else {
      this.low += bound;
      this.range -= bound;
    }
    if (place !== undefined) {
      this.counts[2 * place + bit] += 1;
      this.costs[2 * place + bit] -= Math.log2((bit === 0 ? likelihood : 4096 - likelihood) / 4096);
      this.likelihoods[place] += bit === 0 ? (4096 - likelihood) >> 4 : -(likelihood >> 4);
    }
    while (this.range < 2 ** 24) {
      this.range = (this.range * 256) >>> 0;
      this.shift();
    }
  }

  shift() {
    const carry = this.low >= 2 ** 32 ? 1 : 0;
    if (carry === 1 || this.low < 0xff000000) {
      this.bytes.push(...this.held.map((byte) => (byte + carry) & 255));
      this.held = [];
    }
    this.held.push(Math.floor(this.low / 2 ** 24) & 255);
    this.low = (this.low % 2 ** 24) * 256;
  }

  end() {
    for (let count = 0; count < 5; count += 1) this.shift();
    return Buffer.from(this.bytes);
  }

  /** What each decision has cost on average. */
  prices() {
    return this.costs.map((cost, index) => {
      const [count, other] = [this.counts[index], this.counts[index ^ 1]];
      return count === 0 ? Math.log2(2 * (other + 1)) : cost / count;
    });
  }
}
