//go:build plantedbugs

package desk

// The rules of taking photos as variables, for a test that turns one off and
// shows that this is noticed.
var (
	ruleHash = true
	ruleRow  = true
)
