#pragma once
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* What libcrypto offers only as macros, or as parameter lists that are clearer in C. */

static inline void clibcrypto_free(void *memory) { OPENSSL_free(memory); }

/* The bytes that a memory BIO holds. */
static inline size_t clibcrypto_bio_content(BIO *bio, const unsigned char **bytes) {
  char *content = NULL;
  long count = BIO_get_mem_data(bio, &content);
  *bytes = (const unsigned char *)content;
  return count > 0 && content != NULL ? (size_t)count : 0;
}

static inline STACK_OF(X509) *clibcrypto_certificates_new(void) { return sk_X509_new_null(); }

/* Takes the certificate over where it succeeds. */
static inline int clibcrypto_certificates_push(STACK_OF(X509) *stack, X509 *certificate) {
  return sk_X509_push(stack, certificate) > 0;
}

static inline void clibcrypto_certificates_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

/* HKDF (RFC 5869), extract and expand. */
static inline int clibcrypto_hkdf(
    const char *digest, const unsigned char *key, size_t key_count, const unsigned char *salt, size_t salt_count,
    const unsigned char *info, size_t info_count, unsigned char *result, size_t result_count) {
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, key_count),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_count),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_count),
      OSSL_PARAM_construct_end(),
  };
  EVP_KDF *method = EVP_KDF_fetch(NULL, "HKDF", NULL);
  EVP_KDF_CTX *context = method == NULL ? NULL : EVP_KDF_CTX_new(method);
  int succeeded = context != NULL && EVP_KDF_derive(context, result, result_count, parameters) == 1;
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(method);
  return succeeded;
}

/* An HMAC with its key; EVP_MAC_init without a key begins anew with the same. */
static inline EVP_MAC_CTX *clibcrypto_hmac_new(const char *digest, const unsigned char *key, size_t count) {
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
      OSSL_PARAM_construct_end(),
  };
  EVP_MAC *method = EVP_MAC_fetch(NULL, "HMAC", NULL);
  EVP_MAC_CTX *context = method == NULL ? NULL : EVP_MAC_CTX_new(method);
  EVP_MAC_free(method);
  if (context != NULL && EVP_MAC_init(context, key, count, parameters) != 1) {
    EVP_MAC_CTX_free(context);
    context = NULL;
  }
  return context;
}

/* A distinguished name as RFC 4514 writes it, in UTF-8. */
static inline int clibcrypto_name_print(BIO *bio, const X509_NAME *name) {
  return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
}
