package data

import "context"

// tables are ours, in the order of their names.
func (e *postgres) tables(ctx context.Context, tx *Tx) ([]table, error) {
	all, err := All(ctx, tx, func(r Row) (t table, err error) {
		return t, r.Scan(&t.name, Bool(&t.counted))
	}, `SELECT CAST(c.relname AS text), EXISTS (
			SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> '')
		FROM pg_class c WHERE c.relkind = 'r' AND c.relname <> 'goose_db_version'
			AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = CAST(? AS text))
		ORDER BY CAST(c.relname AS text) COLLATE "C"`, e.schema)
	if err != nil {
		return nil, err
	}
	for i := range all {
		t := &all[i]
		if t.columns, err = All(ctx, tx, Text, `SELECT CAST(attname AS text) FROM pg_attribute
			WHERE attrelid = CAST(CAST(? AS text) AS regclass) AND attnum > 0 AND NOT attisdropped
			ORDER BY attnum`, t.name); err != nil {
			return nil, err
		}
		if t.refers, err = All(ctx, tx, Text, `SELECT DISTINCT CAST(f.relname AS text) FROM pg_constraint k
			JOIN pg_class f ON f.oid = k.confrelid
			WHERE k.contype = 'f' AND k.conrelid = CAST(CAST(? AS text) AS regclass)`, t.name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// counter is the last id that a table gave.
func (e *postgres) counter(ctx context.Context, tx *Tx, table string) (int64, error) {
	return Int(ctx, tx, "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(?, 'id') AS regclass))", table)
}

func (e *postgres) setCounter(ctx context.Context, tx *Tx, table string, last int64) error {
	_, err := tx.Exec(ctx, `SELECT setval(CAST(pg_get_serial_sequence(?, 'id') AS regclass),
		CASE WHEN n > 0 THEN n ELSE 1 END, n > 0) FROM (SELECT CAST(? AS BIGINT) AS n) AS last`, table, last)
	return err
}
