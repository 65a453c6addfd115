//go:build !plantedbugs

package desk

// The rules of taking photos that their test is shown to need: built with the
// tag plantedbugs, each can be turned off.
const (
	ruleHash = true // what is acknowledged are the bytes that the sum names
	ruleRow  = true // and the database says so
)
