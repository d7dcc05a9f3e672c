package main

import (
	"errors"
	"fmt"
	"slices"

	sql "github.com/goccy/go-googlesql"
)

// analyzer judges statements by one language and one catalogue.
type analyzer struct {
	language *sql.LanguageOptions
	catalog  *sql.SimpleCatalog
	types    types
}

func newAnalyzer(tables []Table) (*analyzer, error) {
	if err := sql.Init(); err != nil {
		return nil, err
	}
	language, err := bigQuery()
	if err != nil {
		return nil, err
	}
	types, err := newTypes()
	if err != nil {
		return nil, err
	}
	catalog, err := newCatalog(language, types, tables)
	if err != nil {
		return nil, err
	}
	return &analyzer{language, catalog, types}, nil
}

// bigQuery is the language as BigQuery has it.
func bigQuery() (*sql.LanguageOptions, error) {
	language, err := sql.NewLanguageOptions()
	if err != nil {
		return nil, err
	}
	return language, errors.Join(
		language.EnableMaximumLanguageFeatures(),
		language.SetSupportsAllStatementKinds(),
		language.SetProductMode(sql.ProductModeProductExternal),
		language.EnableReservableKeyword("QUALIFY", true),
		// GoogleSQL may compare JSON with JSON, BigQuery may not.
		language.DisableLanguageFeature(sql.LanguageFeatureFeatureJsonTypeComparison),
	)
}

// judge gives an error only where a statement cannot be judged; one that is wrong has a verdict.
func (a *analyzer) judge(statement Statement) (Verdict, error) {
	verdict := Verdict{Name: statement.Name}
	options, err := a.options(statement.Parameters)
	if err != nil {
		return verdict, err
	}
	output, err := sql.AnalyzeStatement(statement.SQL, options, a.catalog, a.types.factory)
	if err != nil {
		verdict.Error = err.Error()
		return verdict, nil
	}
	resolved, err := output.ResolvedStatement()
	if err != nil {
		return verdict, err
	}
	verdict.Reads, verdict.Filters = map[string][]string{}, filters{}
	return verdict, errors.Join(reads(resolved, verdict.Reads), verdict.Filters.note(resolved, nil))
}

func (a *analyzer) options(parameters map[string]string) (*sql.AnalyzerOptions, error) {
	options, err := sql.NewAnalyzerOptions2()
	if err != nil {
		return nil, err
	}
	// Without it every scan of a table would read all its columns.
	err = errors.Join(options.SetLanguage(a.language), options.SetPruneUnusedColumns(true))
	if err != nil {
		return nil, err
	}
	for name, kind := range parameters {
		of, err := a.types.named(kind)
		if err != nil {
			return nil, fmt.Errorf("@%s: %w", name, err)
		}
		if err := options.AddQueryParameter(name, of); err != nil {
			return nil, err
		}
	}
	return options, nil
}

// reads notes the columns of every table that is scanned at a node or below.
func reads(node sql.ResolvedNode, found map[string][]string) error {
	if scan, ok := node.(*sql.ResolvedTableScan); ok {
		if err := scanned(scan, found); err != nil {
			return err
		}
	}
	children, err := node.GetChildNodes()
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := reads(child, found); err != nil {
			return err
		}
	}
	return nil
}

func scanned(scan *sql.ResolvedTableScan, found map[string][]string) error {
	table, err := scan.Table()
	if err != nil {
		return err
	}
	name, err := table.Name()
	if err != nil {
		return err
	}
	columns, err := scan.ColumnList()
	if err != nil {
		return err
	}
	for _, column := range columns {
		of, err := column.Name()
		if err != nil {
			return err
		}
		if !slices.Contains(found[name], of) {
			found[name] = append(found[name], of)
		}
	}
	slices.Sort(found[name])
	return nil
}
