ALTER TABLE "messages" ADD COLUMN "referenced_message_id" uuid;
