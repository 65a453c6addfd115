package migrations

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// OldestPostgres is the oldest major version of PostgreSQL that the schema
// works on.
const OldestPostgres = 14

// Facts are what matters of a database before it is migrated.
type Facts struct {
	Major    int    // PostgreSQL's major version
	Version  string // and in full
	Encoding string
	Ctype    string // what tells letters from other characters
	PostGIS  string // the version that is installed or can be; empty: none
	Trigram  string // the same of pg_trgm
	Now      time.Time
}

// Inspect reads the facts of the database that the connection is to.
func Inspect(ctx context.Context, db Querier) (Facts, error) {
	var f Facts
	err := db.QueryRow(ctx, `
		select current_setting('server_version_num')::int / 10000,
		       current_setting('server_version'),
		       pg_encoding_to_char(d.encoding),
		       d.datctype,
		       coalesce((select coalesce(installed_version, default_version) from pg_available_extensions where name = 'postgis'), ''),
		       coalesce((select coalesce(installed_version, default_version) from pg_available_extensions where name = 'pg_trgm'), ''),
		       clock_timestamp()
		  from pg_database d where datname = current_database()`).
		Scan(&f.Major, &f.Version, &f.Encoding, &f.Ctype, &f.PostGIS, &f.Trigram, &f.Now)
	return f, err
}

// Unfit is one reason why a server cannot hold the schema, and what to do.
type Unfit struct {
	What, Remedy string
}

// Unfit lists everything that keeps the server from holding the schema.
func (f Facts) Unfit() []Unfit {
	var list []Unfit
	add := func(what, remedy string) { list = append(list, Unfit{what, remedy}) }
	if f.Major < OldestPostgres {
		add(fmt.Sprintf("PostgreSQL %s is too old", f.Version), fmt.Sprintf("use version %d or later", OldestPostgres))
	}
	if f.PostGIS == "" {
		add("PostGIS is not installed", fmt.Sprintf("on the server: apt-get install postgresql-%d-postgis-3", f.Major))
	}
	if f.Trigram == "" {
		add("pg_trgm is not installed", "on the server: apt-get install postgresql-contrib")
	}
	const remake = "make the database anew: create database … template template0 encoding 'UTF8' locale 'C.UTF-8'"
	if f.Encoding != "UTF8" {
		add(fmt.Sprintf("the database's encoding is %s, not UTF8", f.Encoding), remake)
	}
	// Under these, letters beyond ASCII are no letters to trigrams: a search
	// for a Hebrew word would find nothing.
	if f.Ctype == "C" || f.Ctype == "POSIX" {
		add(fmt.Sprintf("the database's lc_ctype is %s, under which Hebrew cannot be searched", f.Ctype), remake)
	}
	return list
}

// UnfitError says why a server cannot hold the schema.
type UnfitError struct {
	Reasons []Unfit
}

func (e *UnfitError) Error() string {
	var lines []string
	for _, r := range e.Reasons {
		lines = append(lines, r.What+" ("+r.Remedy+")")
	}
	return strings.Join(lines, "; ")
}
