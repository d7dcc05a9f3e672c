package main

import (
	"errors"
	"fmt"
	"strings"

	sql "github.com/goccy/go-googlesql"
)

// newCatalog has the built-in functions and our tables, each under every name that is used for it.
func newCatalog(language *sql.LanguageOptions, types types, tables []Table) (*sql.SimpleCatalog, error) {
	catalog, err := sql.NewSimpleCatalog("catalog", nil)
	if err != nil {
		return nil, err
	}
	functions := &sql.BuiltinFunctionOptions{LanguageOptions: language}
	if err := catalog.AddBuiltinFunctionsAndTypes(functions); err != nil {
		return nil, err
	}
	if err := types.alias(catalog); err != nil {
		return nil, err
	}
	folders := folders{"": catalog}
	for _, table := range tables {
		for _, name := range table.Names {
			made, err := newTable(name, table.Fields, types)
			if err != nil {
				return nil, fmt.Errorf("table %s: %w", name, err)
			}
			if err := folders.add(name, made); err != nil {
				return nil, fmt.Errorf("table %s: %w", name, err)
			}
		}
	}
	return catalog, nil
}

// folders are catalogues by their paths: a table `project`.`dataset`.`table` is in the one of its dataset.
type folders map[string]*sql.SimpleCatalog

func (f folders) add(name string, table *sql.SimpleTable) error {
	path, last := split(name)
	folder, err := f.at(path)
	if err != nil {
		return err
	}
	return folder.AddTable2(last, table)
}

func (f folders) at(path string) (*sql.SimpleCatalog, error) {
	if folder, ok := f[path]; ok {
		return folder, nil
	}
	above, last := split(path)
	parent, err := f.at(above)
	if err != nil {
		return nil, err
	}
	f[path], err = parent.MakeOwnedSimpleCatalog(last)
	return f[path], err
}

// split gives what stands before the last dot, and what stands after it.
func split(name string) (string, string) {
	at := strings.LastIndex(name, ".")
	return name[:max(at, 0)], name[at+1:]
}

func newTable(name string, fields []Field, types types) (*sql.SimpleTable, error) {
	table, err := sql.NewSimpleTable(name, 0)
	if err != nil {
		return nil, err
	}
	for _, field := range fields {
		kind, err := types.of(field)
		if err != nil {
			return nil, err
		}
		column, err := sql.NewSimpleColumn(name, field.Name, kind, false, true)
		if err != nil {
			return nil, err
		}
		if err := table.AddColumn2(column, false); err != nil {
			return nil, err
		}
	}
	return table, nil
}

// types makes types from their names.
type types struct{ factory *sql.TypeFactory }

func newTypes() (types, error) {
	factory, err := sql.NewTypeFactory()
	return types{factory}, err
}

// kinds are the types that our schemas and parameters have, by both of BigQuery's names.
var kinds = map[string]sql.TypeKind{
	"STRING":     sql.TypeKindTypeString,
	"INTEGER":    sql.TypeKindTypeInt64,
	"INT64":      sql.TypeKindTypeInt64,
	"BIGNUMERIC": sql.TypeKindTypeBignumeric,
	"BOOLEAN":    sql.TypeKindTypeBool,
	"BOOL":       sql.TypeKindTypeBool,
	"DATE":       sql.TypeKindTypeDate,
	"TIMESTAMP":  sql.TypeKindTypeTimestamp,
}

// aliases are BigQuery's other names of types: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types
var aliases = map[string]string{
	"INT": "INT64", "SMALLINT": "INT64", "INTEGER": "INT64", "BIGINT": "INT64", "TINYINT": "INT64", "BYTEINT": "INT64",
	"BIGDECIMAL": "BIGNUMERIC",
}

func (t types) alias(catalog *sql.SimpleCatalog) error {
	for name, of := range aliases {
		kind, err := t.named(of)
		if err != nil {
			return err
		}
		if err := catalog.AddType(name, kind); err != nil {
			return err
		}
	}
	return nil
}

func (t types) of(field Field) (sql.Googlesql_TypeNode, error) {
	if field.Mode == "REPEATED" {
		return t.named("ARRAY<" + field.Type + ">")
	}
	return t.named(field.Type)
}

func (t types) named(name string) (sql.Googlesql_TypeNode, error) {
	if inner, ok := strings.CutPrefix(name, "ARRAY<"); ok {
		element, err := t.named(strings.TrimSuffix(inner, ">"))
		if err != nil {
			return nil, err
		}
		return t.factory.MakeArrayType2(element)
	}
	// BIGNUMERIC(38, 18) and BIGNUMERIC are one type in expressions.
	bare, _, _ := strings.Cut(name, "(")
	kind, ok := kinds[strings.TrimSpace(bare)]
	if !ok {
		return nil, errors.New("no type is called " + name)
	}
	return t.factory.MakeSimpleType(kind)
}
