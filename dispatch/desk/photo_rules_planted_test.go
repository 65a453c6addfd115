//go:build plantedbugs

package desk

import (
	"bytes"
	"testing"
)

// TestPhotoBugsAreFound turns each rule off and asks of the check that the
// other tests make that it finds it.
func TestPhotoBugsAreFound(t *testing.T) {
	for name, rule := range map[string]*bool{
		"acknowledged before the hash is checked": &ruleHash,
		"acknowledged before the row is there":    &ruleRow,
		"none":                                    new(bool),
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			*rule = false
			defer func() { *rule = true }()
			b := picture1(t, 1)
			err := c.promised(c.sends(c.dispatcher(), b), sumOf(b))
			if err == nil {
				lie := sumOf(picture1(t, 2))
				if up, put := c.PutPhoto(c.ctx, c.dispatcher(), lie, nil, bytes.NewReader(b)); put == nil {
					err = c.promised(up, lie)
				}
			}
			if (err == nil) != (name == "none") {
				t.Errorf("the check says %v", err)
			}
		})
	}
}
