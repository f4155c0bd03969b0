-- By which receipt of consent an attribute is kept that is kept only by consent; it goes with the receipt.
ALTER TABLE attribute ADD COLUMN receipt BLOB CHECK (receipt IS NULL OR length(receipt) = 16);
CREATE INDEX attribute_by_receipt ON attribute (site, receipt) WHERE receipt IS NOT NULL;
