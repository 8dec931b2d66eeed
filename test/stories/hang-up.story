# a caller that hangs up withdraws its question, and the next one is asked
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
hangup
screen 'Withdrawn: the caller hung up.'
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
wait 400
type no
reply 'request denied'
