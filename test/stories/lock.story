# in lines: a lock says so, refuses what waits, and its end says so too
start --line
call account_signTransaction '{}'
screen 'Type yes'
cleft lock
reply 'the signer is locked'
screen 'Locked: whatever waits or comes is refused until cleft unlock'
screen 'Withdrawn: the signer is locked.'
cleft unlock
screen 'Unlocked: requests are asked about again'
