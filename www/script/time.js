/** Times and durations as people read them. */

/** A duration in its two largest units: "14 min 52 s". */
export function span(seconds) {
  const whole = Math.round(Math.abs(seconds));
  const units = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = units.findIndex(([amount]) => amount > 0);
  if (first < 0) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

/** How far a time is from now: "in 14 min", "3 s ago", "now". */
export function relative(seconds, now) {
  const ahead = Math.round(seconds - now);
  if (ahead === 0) return "now";
  return ahead > 0 ? `in ${span(ahead)}` : `${span(ahead)} ago`;
}

/** A time of today as a clock shows it, another one with its date. */
export function clock(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "no date";
  const time = date.toLocaleTimeString();
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString()} ${time}`;
}

/** Runs `work` nine times, because the first run is slower. Returns the first result and the time. */
export function timed(work) {
  const times = [];
  let first;
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    const result = work();
    times.push(performance.now() - start);
    if (run === 0) first = result;
  }
  return { result: first, milliseconds: times.sort((left, right) => left - right)[4] };
}

/** A measured time: "0.31 ms", "24 ms", "1.8 s". */
export function measured(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(2)} ms`;
}
