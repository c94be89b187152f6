-- A message that is deleted, and all that follows it, carry the number of the deleted one until they
-- are brought back or removed for good. Messages that were deleted before it keep their own.

ALTER TABLE message ADD COLUMN deleted_with INTEGER;
ALTER TABLE message ADD COLUMN deleted_ms INTEGER NOT NULL DEFAULT 0; -- on the deleted one alone
CREATE INDEX message_deleted ON message (deleted_with) WHERE deleted_with IS NOT NULL;
