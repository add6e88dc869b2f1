#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// The numbers are part of libcurl's binary interface, unchanged since its version 4 of 2006 but for additions.
enum {
  option_body_context = 10001,
  option_url = 10002,
  option_error_buffer = 10010,
  option_user_agent = 10018,
  option_low_speed_limit = 19,
  option_low_speed_time = 20,
  option_lines = 10023,
  option_head_context = 10029,
  option_no_progress = 43,
  option_netrc = 51,
  option_follow = 52,
  option_verify_peer = 64,
  option_authorities = 10065,
  option_connect_timeout = 78,
  option_get = 80,
  option_verify_host = 81,
  option_http_version = 84,
  option_buffer_size = 98,
  option_no_signal = 99,
  option_content_decoding = 158,
  option_protocols = 181,
  option_keep_alive = 213,
  option_no_connect_heads = 265,
  option_http09 = 285,
  option_protocol_names = 10318,
  option_body = 20011,
  option_head = 20079,

  information_redirect = 0x100000 + 31,

  http2_over_tls = 4,
  protocol_http = 1,
  protocol_https = 2,
  global_default = 3,
  error_buffer_bytes = 256,
};

static struct {
  int (*global_init)(long);
  void *(*easy_init)(void);
  int (*easy_setopt)(void *, int, ...);
  int (*easy_perform)(void *);
  int (*easy_getinfo)(void *, int, ...);
  void (*easy_cleanup)(void *);
  const char *(*easy_strerror)(int);
  void *(*slist_append)(void *, const char *);
  void (*slist_free_all)(void *);
} curl;

struct ccurl_handle {
  void *easy;
  int code;
  char error[error_buffer_bytes];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *trouble;

static bool find(void *library, const char *name, void *function) {
  void *address = dlsym(library, name);
  memcpy(function, &address, sizeof address);
  return address != NULL;
}

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *said = dlerror();
    // What dlerror says lies in memory of the thread that asked.
    said = strdup(said != NULL ? said : "libcurl.so.4");
    trouble = said != NULL ? said : "libcurl.so.4";
    return;
  }
  bool complete = find(library, "curl_global_init", &curl.global_init) && find(library, "curl_easy_init", &curl.easy_init)
      && find(library, "curl_easy_setopt", &curl.easy_setopt) && find(library, "curl_easy_perform", &curl.easy_perform)
      && find(library, "curl_easy_getinfo", &curl.easy_getinfo) && find(library, "curl_easy_cleanup", &curl.easy_cleanup)
      && find(library, "curl_easy_strerror", &curl.easy_strerror) && find(library, "curl_slist_append", &curl.slist_append)
      && find(library, "curl_slist_free_all", &curl.slist_free_all);
  if (!complete || curl.global_init(global_default) != 0) trouble = "libcurl.so.4: curl_global_init";
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return trouble;
}

ccurl_handle *ccurl_new(const char *agent, const char *authorities, long connect_seconds, long stall_seconds) {
  if (ccurl_load() != NULL) return NULL;
  ccurl_handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL) return NULL;
  void *easy = handle->easy = curl.easy_init();
  if (easy == NULL) {
    free(handle);
    return NULL;
  }
  int failed = 0;
  failed |= curl.easy_setopt(easy, option_error_buffer, handle->error);
  failed |= curl.easy_setopt(easy, option_user_agent, agent);
  failed |= curl.easy_setopt(easy, option_get, 1L);
  failed |= curl.easy_setopt(easy, option_follow, 0L);
  failed |= curl.easy_setopt(easy, option_no_progress, 1L);
  failed |= curl.easy_setopt(easy, option_no_signal, 1L);
  failed |= curl.easy_setopt(easy, option_netrc, 0L);
  failed |= curl.easy_setopt(easy, option_verify_peer, 1L);
  failed |= curl.easy_setopt(easy, option_verify_host, 2L);
  failed |= curl.easy_setopt(easy, option_connect_timeout, connect_seconds);
  failed |= curl.easy_setopt(easy, option_low_speed_limit, 1L);
  failed |= curl.easy_setopt(easy, option_low_speed_time, stall_seconds);
  failed |= curl.easy_setopt(easy, option_content_decoding, 0L);
  if (authorities != NULL) failed |= curl.easy_setopt(easy, option_authorities, authorities);
  if (failed != 0) {
    ccurl_free(handle);
    return NULL;
  }
  // What an older library, or one built without it, may do without.
  curl.easy_setopt(easy, option_http_version, (long)http2_over_tls);
  curl.easy_setopt(easy, option_buffer_size, 512L * 1024);
  curl.easy_setopt(easy, option_keep_alive, 1L);
  curl.easy_setopt(easy, option_no_connect_heads, 1L);
  curl.easy_setopt(easy, option_http09, 0L);
  return handle;
}

void ccurl_free(ccurl_handle *handle) {
  if (handle == NULL) return;
  curl.easy_cleanup(handle->easy);
  free(handle);
}

static ccurl_outcome outcome(int code) {
  switch (code) {
    case 0: return CCURL_OK;
    case 23: return CCURL_STOPPED;  // a sink did not take what it was given
    case 5:                         // no proxy by that name
    case 6:                         // no host by that name
    case 7:                         // no connection
    case 16:                        // HTTP/2 framing
    case 18:                        // the body ended too early
    case 28:                        // time-out
    case 35:                        // the connection broke while TLS began
    case 52:                        // no answer
    case 55:                        // sending failed
    case 56:                        // receiving failed
    case 92:                        // an HTTP/2 stream broke
      return CCURL_NETWORK;
    default: return CCURL_REFUSED;
  }
}

ccurl_outcome ccurl_get(ccurl_handle *handle, const char *url, bool only_https, const char *const *lines, size_t count,
                        ccurl_sink head, ccurl_sink body, void *context) {
  void *easy = handle->easy;
  void *list = NULL;
  handle->error[0] = 0;
  handle->code = 27;  // no memory, unless it goes on
  for (size_t index = 0; index < count; index++) {
    void *longer = curl.slist_append(list, lines[index]);
    if (longer == NULL) {
      curl.slist_free_all(list);
      return CCURL_REFUSED;
    }
    list = longer;
  }
  int code = curl.easy_setopt(easy, option_protocol_names, only_https ? "https" : "http,https");
  // Before 7.85 protocols were bits.
  if (code != 0)
    code = curl.easy_setopt(easy, option_protocols, (long)(only_https ? protocol_https : protocol_http | protocol_https));
  if (code == 0) code = curl.easy_setopt(easy, option_url, url);
  if (code == 0) code = curl.easy_setopt(easy, option_lines, list);
  if (code == 0) code = curl.easy_setopt(easy, option_head, head);
  if (code == 0) code = curl.easy_setopt(easy, option_head_context, context);
  if (code == 0) code = curl.easy_setopt(easy, option_body, body);
  if (code == 0) code = curl.easy_setopt(easy, option_body_context, context);
  if (code == 0) code = curl.easy_perform(easy);
  handle->code = code;
  curl.easy_setopt(easy, option_lines, NULL);
  curl.slist_free_all(list);
  return outcome(code);
}

const char *ccurl_redirect(const ccurl_handle *handle) {
  const char *url = NULL;
  if (curl.easy_getinfo(handle->easy, information_redirect, &url) != 0) return NULL;
  return url;
}

const char *ccurl_message(const ccurl_handle *handle) {
  return handle->error[0] != 0 ? handle->error : curl.easy_strerror(handle->code);
}
