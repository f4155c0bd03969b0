-- Which note in the backup target says of an erasure that it was done, so that it can be looked for. Of erasures that were told of
-- before this was kept it is told once more.
ALTER TABLE backup_told_erasure ADD COLUMN note TEXT;
