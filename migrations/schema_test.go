package migrations_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"moked/migrations/dbtest"
)

//go:generate go test -run ^TestSchema$ -count=1 -update .

var update = flag.Bool("update", false, "write schema.sql anew")

const schemaHead = `-- What the migrations come to, to be read: written by "make generate" and never run.
`

// TestSchema keeps schema.sql what the migrations come to.
func TestSchema(t *testing.T) {
	t.Parallel()
	got, err := describe(t.Context(), dbtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	got = schemaHead + got
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("schema.sql is stale; run make generate\n%s", diff)
	}
}

// Tables and views in the order of their making, without those of extensions
// and the one that counts migrations. A partition is told with its parent.
const selectTables = `
select c.oid, c.relname, c.relkind::text, coalesce(pg_get_partkeydef(c.oid), ''),
       coalesce(obj_description(c.oid, 'pg_class'), ''), coalesce(pg_get_viewdef(c.oid, true), ''),
       array(select p.inhrelid::regclass || ' ' || pg_get_expr(pc.relpartbound, p.inhrelid)
               from pg_inherits p join pg_class pc on pc.oid = p.inhrelid where p.inhparent = c.oid order by p.inhrelid)
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
   and c.relname <> 'goose_db_version'
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by c.oid`

const selectColumns = `
select a.attname, format_type(a.atttypid, a.atttypmod) ||
       case when a.attidentity <> '' then ' generated ' || case a.attidentity when 'a' then 'always' else 'by default' end || ' as identity'
            when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
            else coalesce(case when a.attnotnull then ' not null' end, '') || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
       end, coalesce(col_description(a.attrelid, a.attnum), '')
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
 order by a.attnum`

// Keys, uniqueness, checks and references, in this order.
const selectConstraints = `
select pg_get_constraintdef(oid, true)
  from pg_constraint
 where conrelid = $1 and contype in ('p', 'u', 'c', 'f', 'x')
 order by position(contype in 'pucfx'), conkey, oid`

const selectIndexes = `
select replace(pg_get_indexdef(i.indexrelid), 'public.', '')
  from pg_index i join pg_class c on c.oid = i.indexrelid
 where i.indrelid = $1 and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
 order by c.relname`

const selectFunctions = `
select pg_get_functiondef(p.oid)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
   and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
 order by p.proname, p.oid`

const selectTriggers = `
select pg_get_triggerdef(oid, true) from pg_trigger where tgrelid = $1 and not tgisinternal order by tgname`

// describe writes the schema of a database as statements that make it.
func describe(ctx context.Context, db *pgxpool.Pool) (string, error) {
	type table struct {
		OID                      uint32
		Name, Kind, Key, Comment string
		View                     string
		Partitions               []string
	}
	rows, err := db.Query(ctx, selectTables)
	if err != nil {
		return "", err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	if err != nil {
		return "", err
	}
	var b strings.Builder
	list := func(format, sql string, args ...any) {
		rows, e := db.Query(ctx, sql, args...)
		if e == nil {
			var all []string
			all, e = pgx.CollectRows(rows, pgx.RowTo[string])
			for _, s := range all {
				fmt.Fprintf(&b, format, s)
			}
		}
		if err == nil {
			err = e
		}
	}
	for _, t := range tables {
		b.WriteString("\n")
		if t.Comment != "" {
			fmt.Fprintf(&b, "-- %s\n", t.Comment)
		}
		switch t.Kind {
		case "v", "m":
			fmt.Fprintf(&b, "create view %s as\n%s\n", t.Name, t.View)
		default:
			body, err := tableBody(ctx, db, t.OID)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "create table %s (\n%s\n)", t.Name, body)
			if t.Key != "" {
				fmt.Fprintf(&b, " partition by %s", strings.ToLower(t.Key))
			}
			b.WriteString(";\n")
			for _, p := range t.Partitions {
				name, bounds, _ := strings.Cut(p, " ")
				fmt.Fprintf(&b, "create table %s partition of %s %s;\n", name, t.Name, strings.ToLower(bounds))
			}
		}
		list("%s;\n", selectIndexes, t.OID)
		list("%s;\n", selectTriggers, t.OID)
	}
	list("\n%s;\n", selectFunctions)
	return lowerKeywords(b.String()), err
}

// tableBody is what stands between a table's parentheses.
func tableBody(ctx context.Context, db *pgxpool.Pool, oid uint32) (string, error) {
	rows, err := db.Query(ctx, selectColumns, oid)
	if err != nil {
		return "", err
	}
	type column struct{ Name, Type, Comment string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		return "", err
	}
	width := 0
	for _, c := range columns {
		width = max(width, len(c.Name))
	}
	var lines []string
	for _, c := range columns {
		lines = append(lines, fmt.Sprintf("    %-*s  %s", width, c.Name, c.Type))
	}
	if rows, err = db.Query(ctx, selectConstraints, oid); err != nil {
		return "", err
	}
	constraints, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, c := range constraints {
		lines = append(lines, "    "+c)
	}
	return strings.Join(lines, ",\n"), err
}

// lowerKeywords writes the words that PostgreSQL shouts as the migrations do.
func lowerKeywords(sql string) string {
	return strings.NewReplacer(
		"PRIMARY KEY", "primary key", "FOREIGN KEY", "foreign key", "REFERENCES", "references", "UNIQUE", "unique", "CHECK", "check",
		" ON DELETE CASCADE", " on delete cascade", " ON DELETE SET NULL", " on delete set null", "CREATE ", "create ", "INDEX ", "index ",
		" ON ", " on ", " USING btree", "", " USING ", " using ", " WHERE ", " where ", " IS NULL", " is null", " IS NOT NULL", " is not null",
		" AND ", " and ", " OR ", " or ", " NOT ", " not ", " ANY ", " any ", " ALL ", " all ", "ARRAY[", "array[", " INCLUDE ", " include ",
		" DESC", " desc", "timestamp with time zone", "timestamptz", " integer", " int", "'::text[]", "'", "'::text", "'", "'::jsonb", "'",
	).Replace(sql)
}
