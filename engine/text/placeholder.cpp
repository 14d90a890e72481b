// Replaced by the tokenizer and template sources.
