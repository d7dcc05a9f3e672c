package main

import (
	"slices"

	sql "github.com/goccy/go-googlesql"
)

// filters are, by table, the columns that every scan of it compares with what is the same for all rows. BigQuery prunes
// partitions by these, and refuses a statement that has none where a table requires one.
type filters map[string][]string

// columns are ids of columns within a statement.
type columns []int32

// note goes through a statement. What a condition compares holds for everything that is read below it.
func (f filters) note(node sql.ResolvedNode, above columns) error {
	switch at := node.(type) {
	case *sql.ResolvedTableScan:
		return f.scan(at, above)
	case *sql.ResolvedCreateViewStmt:
		return nil // whoever asks the view filters
	case *sql.ResolvedInsertStmt:
		return f.insert(at)
	case *sql.ResolvedMergeStmt:
		return f.merge(at)
	case *sql.ResolvedFilterScan:
		return f.below(node, at.FilterExpr, above)
	case *sql.ResolvedDeleteStmt:
		return f.below(node, at.WhereExpr, above)
	case *sql.ResolvedUpdateStmt:
		return f.below(node, at.WhereExpr, above)
	}
	return f.all(node, above)
}

// below goes on below a condition.
func (f filters) below(node sql.ResolvedNode, condition func() (sql.ResolvedExprNode, error), above columns) error {
	says, err := condition()
	if err != nil {
		return err
	}
	compared, err := compared(says)
	if err != nil {
		return err
	}
	return f.all(node, append(slices.Clone(above), compared...))
}

func (f filters) all(node sql.ResolvedNode, above columns) error {
	children, err := node.GetChildNodes()
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := f.note(child, above); err != nil {
			return err
		}
	}
	return nil
}

// insert reads what it adds, not where it adds it.
func (f filters) insert(node *sql.ResolvedInsertStmt) error {
	query, err := node.Query()
	if err != nil || query == nil {
		return err
	}
	return f.note(query, nil)
}

// merge reads of its target what the conditions of its clauses leave: all of them have to compare a column.
func (f filters) merge(node *sql.ResolvedMergeStmt) error {
	source, err := node.FromScan()
	if err != nil {
		return err
	}
	if err := f.note(source, nil); err != nil {
		return err
	}
	clauses, err := node.WhenClauseList()
	if err != nil {
		return err
	}
	var all []columns
	for _, clause := range clauses {
		of, err := clause.MatchType()
		if err != nil {
			return err
		}
		if of == sql.ResolvedMergeWhenEnums_MatchTypeNotMatchedByTarget {
			continue
		}
		condition, err := clause.MatchExpr()
		if err != nil {
			return err
		}
		left, err := compared(condition)
		if err != nil {
			return err
		}
		all = append(all, left)
	}
	target, err := node.TableScan()
	if err != nil {
		return err
	}
	return f.scan(target, common(all))
}

func (f filters) scan(node *sql.ResolvedTableScan, above columns) error {
	table, err := node.Table()
	if err != nil {
		return err
	}
	name, err := table.Name()
	if err != nil {
		return err
	}
	list, err := node.ColumnList()
	if err != nil {
		return err
	}
	here := []string{}
	for _, column := range list {
		id, err := column.ColumnId()
		if err != nil {
			return err
		}
		called, err := column.Name()
		if err != nil {
			return err
		}
		if slices.Contains(above, id) {
			here = append(here, called)
		}
	}
	before, seen := f[name]
	if seen {
		here = slices.DeleteFunc(here, func(column string) bool { return !slices.Contains(before, column) })
	}
	slices.Sort(here)
	f[name] = here
	return nil
}

// compared are the columns that a condition compares with constants, whatever else it says: those of all its parts that
// are joined by AND.
func compared(condition sql.ResolvedNode) (columns, error) {
	call, ok := condition.(*sql.ResolvedFunctionCall)
	if !ok {
		return nil, nil
	}
	function, err := call.Function()
	if err != nil {
		return nil, err
	}
	name, err := function.Name()
	if err != nil {
		return nil, err
	}
	arguments, err := call.ArgumentList()
	if err != nil {
		return nil, err
	}
	switch name {
	case "$and":
		var found columns
		for _, part := range arguments {
			more, err := compared(part)
			if err != nil {
				return nil, err
			}
			found = append(found, more...)
		}
		return found, nil
	case "$equal", "$less", "$less_or_equal", "$greater", "$greater_or_equal", "$between", "$in":
		return comparison(arguments)
	}
	return nil, nil
}

// comparison gives the one column that is compared as it is, where all others are constants.
func comparison(arguments []sql.ResolvedExprNode) (columns, error) {
	var found columns
	for _, argument := range arguments {
		if reference, ok := argument.(*sql.ResolvedColumnRef); ok {
			column, err := reference.Column()
			if err != nil {
				return nil, err
			}
			id, err := column.ColumnId()
			if err != nil {
				return nil, err
			}
			found = append(found, id)
			continue
		}
		constant, err := constant(argument)
		if err != nil || !constant {
			return nil, err
		}
	}
	if len(found) != 1 {
		return nil, nil
	}
	return found, nil
}

// constant says whether an expression is the same for all rows.
func constant(node sql.ResolvedNode) (bool, error) {
	switch node.(type) {
	case *sql.ResolvedColumnRef, *sql.ResolvedSubqueryExpr:
		return false, nil
	}
	children, err := node.GetChildNodes()
	if err != nil {
		return false, err
	}
	for _, child := range children {
		if is, err := constant(child); err != nil || !is {
			return false, err
		}
	}
	return true, nil
}

// common are the columns that are in all lists.
func common(lists []columns) columns {
	if len(lists) == 0 {
		return nil
	}
	in := func(id int32) bool {
		return !slices.ContainsFunc(lists, func(list columns) bool { return !slices.Contains(list, id) })
	}
	return slices.DeleteFunc(slices.Clone(lists[0]), func(id int32) bool { return !in(id) })
}
