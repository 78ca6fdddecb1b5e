-- target_fault: the attempt failed for a reason that lies with the target and not with this message.
ALTER TYPE settlement ADD ATTRIBUTE target_fault boolean;
