#pragma once
#include <stdbool.h>
#include <stddef.h>

// A narrow way to libcurl, which is loaded when it is first asked for: linked, it and the thirty libraries that it brings would cost
// every command more time to start than most take to run. Only GET over HTTP is here, with options that are the same for everyone.

/// Takes bytes as libcurl gives them; another result than `size * count` ends the exchange.
typedef size_t (*ccurl_sink)(char *bytes, size_t size, size_t count, void *context);

/// A connection that is kept open from one request to the next; used by one thread at a time.
typedef struct ccurl_handle ccurl_handle;

/// What became of an exchange, as far as it is of use to who asked.
typedef enum {
  CCURL_OK,
  /// A sink ended it.
  CCURL_STOPPED,
  /// The network: no host, no or a broken connection, a time-out, a body that ended too early.
  CCURL_NETWORK,
  /// Anything that would be the same again: a certificate, a URL, a protocol.
  CCURL_REFUSED,
} ccurl_outcome;

/// Loads the library, once for the process.
///
/// Returns NULL where it is there, else what the system said.
const char *ccurl_load(void);

/// A handle; NULL where the library is not there or has no memory.
///
/// `agent` names the program to servers, `authorities` is a file of certificates to trust in place of the system's, or NULL.
/// A connection has `connect_seconds` to stand; an exchange ends after `stall_seconds` without a byte worth mentioning.
ccurl_handle *ccurl_new(const char *agent, const char *authorities, long connect_seconds, long stall_seconds);

void ccurl_free(ccurl_handle *handle);

/// One GET without redirects. `lines` are `count` more lines of the request head; with `only_https` another protocol is refused.
/// `head` is given each line of each head and `body` the body.
ccurl_outcome ccurl_get(ccurl_handle *handle, const char *url, bool only_https, const char *const *lines, size_t count,
                        ccurl_sink head, ccurl_sink body, void *context);

/// Where the last answer redirects to, as an absolute URL; NULL where it does not. Valid until the next call with the handle.
const char *ccurl_redirect(const ccurl_handle *handle);

/// What the library said of the last exchange; never NULL, valid until the next call with the handle.
const char *ccurl_message(const ccurl_handle *handle);
