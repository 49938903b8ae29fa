//! The full-text index, the query language and the snippets
