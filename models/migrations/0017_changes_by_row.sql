CREATE INDEX import_change_row ON import_change (table_name, row_id);
