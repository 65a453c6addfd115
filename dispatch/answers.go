package dispatch

import (
	"encoding/json"
	"math"
)

// number reads a numeric answer, as JSON or Go has it.
func number(a Answer) (float64, bool) {
	switch n := a.(type) {
	case float64:
		return n, !math.IsNaN(n) && !math.IsInf(n, 0)
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// sameAnswer compares two answers: numbers by value, whatever their type.
func sameAnswer(a, b Answer) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	switch x := a.(type) {
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case string:
		y, ok := b.(string)
		return ok && x == y
	}
	return false
}

// Validate checks the answers to the category's questions, none of which need
// be answered: each must belong to a question and be of its kind. The error is
// Invalid and names the field, as in "answers.lamps".
func (c Category) Validate(answers map[string]Answer) error {
	for _, q := range c.Questions {
		if given, ok := answers[q.Code]; ok && given != nil {
			if err := q.check(given); err != nil {
				return err
			}
		}
	}
	var unknown string
	for code := range answers {
		if !c.asks(code) && (unknown == "" || code < unknown) {
			unknown = code
		}
	}
	if unknown != "" {
		return &Error{Code: Invalid, Key: KeyUnknownQuestion, Field: "answers." + unknown, Args: map[string]any{"question": unknown}}
	}
	return nil
}

func (c Category) asks(code string) bool {
	for _, q := range c.Questions {
		if q.Code == code {
			return true
		}
	}
	return false
}

func (q Question) check(given Answer) error {
	bad := func(key string, args map[string]any) error {
		args["question"] = q.Code
		return &Error{Code: Invalid, Key: key, Field: "answers." + q.Code, Args: args}
	}
	ok := false
	switch q.Kind {
	case AskBool:
		_, ok = given.(bool)
	case AskNumber:
		var n float64
		n, ok = number(given)
		ok = ok && n >= 0 && n <= 1e6
	case AskChoice:
		var code string
		if code, ok = given.(string); !ok {
			break
		}
		for _, choice := range q.Choices {
			if choice.Code == code {
				return nil
			}
		}
		return bad(KeyUnknownChoice, map[string]any{"choice": code})
	}
	if !ok {
		return bad(KeyAnswerKind, map[string]any{"kind": string(q.Kind)})
	}
	return nil
}
