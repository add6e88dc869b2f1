#pragma once
#include <libxml/xmlversion.h>
/* Debian's libxml2 brings ICU's headers in, which clash with those of Foundation; nothing here needs them. */
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>

/* Takes a message of libxml2 with its line. */
typedef void (*xml_message_receiver)(void *context, int line, const char *message);

/* Where messages go. */
typedef struct {
  xml_message_receiver receive;
  void *context;
} xml_message_target;

/* The structured error handler: versions of libxml2 differ in whether its second argument is const. */
static inline void xml_forward_message(void *target, const xmlError *error) {
  const xml_message_target *to = (const xml_message_target *)target;
  if (to && error) to->receive(to->context, error->line, error->message ? error->message : "");
}

/* Sends what a schema's parser has to say to the target, which must live as long as the context. */
static inline void xml_schema_parser_report(xmlSchemaParserCtxtPtr parser, xml_message_target *target) {
  xmlSchemaSetParserStructuredErrors(parser, (xmlStructuredErrorFunc)xml_forward_message, target);
}

/* Sends what a validation has to say to the target, which must live as long as the context. */
static inline void xml_schema_report(xmlSchemaValidCtxtPtr validation, xml_message_target *target) {
  xmlSchemaSetValidStructuredErrors(validation, (xmlStructuredErrorFunc)xml_forward_message, target);
}
