package data

import "context"

// tables are ours, in the order of their names.
func (e *sqlite) tables(ctx context.Context, tx *Tx) ([]table, error) {
	all, err := All(ctx, tx, func(r Row) (t table, err error) {
		return t, r.Scan(&t.name, Bool(&t.counted))
	}, `SELECT name, sql LIKE '%AUTOINCREMENT%' FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name <> 'goose_db_version'
		ORDER BY name`)
	if err != nil {
		return nil, err
	}
	for i := range all {
		t := &all[i]
		if t.columns, err = All(ctx, tx, Text, "SELECT name FROM pragma_table_info(?) ORDER BY cid", t.name); err != nil {
			return nil, err
		}
		if t.refers, err = All(ctx, tx, Text, `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`, t.name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// counter is the last id that a table gave.
func (e *sqlite) counter(ctx context.Context, tx *Tx, table string) (int64, error) {
	return Int(ctx, tx, "SELECT max(seq) FROM sqlite_sequence WHERE name = ?", table)
}

func (e *sqlite) setCounter(ctx context.Context, tx *Tx, table string, last int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM sqlite_sequence WHERE name = ?", table); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, last)
	return err
}
