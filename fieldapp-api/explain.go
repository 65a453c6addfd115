package fieldapi

import "moked/dispatch"

// Explain words a refusal in a language (he, en, ar, ru) as the API does, for
// commands that print it themselves.
func Explain(lang string, e *dispatch.Error) string { return problem(lang, e).Detail }
