// What a page should not do: complain on the console, throw, or ask other servers.

/**
 * The complaints of a page, a list that grows while the page lives: warnings and errors on its console except those that
 * `isExpected` accepts, uncaught errors, and requests to what `isOwn` does not accept.
 */
export function complaintsOf(page, { isExpected = () => false, isOwn = () => true } = {}) {
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isExpected(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!isOwn(request.url())) complaints.push(`request to ${request.url()}`);
  });
  return complaints;
}
