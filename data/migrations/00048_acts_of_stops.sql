-- When a drop was stopped is asked of every drop that nothing is planned for, and acts grow without end.
CREATE INDEX acts_of_stops ON acts (drop_id, id) WHERE kind = 'drop_stopped';
