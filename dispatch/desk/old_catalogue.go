package desk

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// OldCode makes a code out of a name that has none here: its letters a to z and
// digits, or else a part of its hash.
func OldCode(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	code := strings.Trim(b.String(), "-")
	if code == "" || len(code) > 50 {
		sum := sha1.Sum([]byte(name))
		code = "x" + hex.EncodeToString(sum[:5])
	}
	return "old-" + code
}

// OldCatalogue are departments and categories that are only of the past.
type OldCatalogue struct {
	Departments []dispatch.Department
	Categories  []dispatch.Category
}

const (
	insertOldDepartment = insertDepartment + ` on conflict do nothing`
	insertOldCategory   = insertCategory + ` on conflict do nothing`
	oldPosition         = 1000
)

// AddOldCatalogue makes departments and categories that old reports need and
// that aren't there; the categories are retired: nothing new is filed under
// them.
func (d *Desk) AddOldCatalogue(ctx context.Context, who dispatch.Actor, from Source, add OldCatalogue) error {
	if !who.May(dispatch.CatalogueEdit, dispatch.Scope{}) {
		return forbidden()
	}
	if len(add.Departments)+len(add.Categories) == 0 {
		return nil
	}
	return d.changeGround(ctx, who, "catalogue", from.Name, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		for n, dep := range add.Departments {
			b.Queue(insertOldDepartment, who.Authority, dep.Code, dep.Names, dep.Icon, dep.Phone, oldPosition+n)
		}
		for n, k := range add.Categories {
			k.Retired = true
			detail, err := json.Marshal(k)
			if err != nil {
				return err
			}
			b.Queue(insertOldCategory, who.Authority, k.Code, k.Department, k.Domain, k.Names, k.Priority, k.Sensitive, k.Retired, detail, oldPosition+n)
		}
		return tx.SendBatch(ctx, b).Close()
	})
}
