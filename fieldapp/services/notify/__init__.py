"""From a row that says whom to notify to what came of it: messages, sending, receipts, subscriptions."""
