# a terminal that can't move its cursor gets line after line and no escape sequence
env TERM dumb
start
call account_signTransaction '{}'
screen 'Question 1 of 1, to be answered by '
screen 'Type yes and Enter to approve'
call account_signTransaction '{"value":"0x2"}'
wait 400
type no
reply 'request denied' 1
screen 'Rejected.'
screen 'Question 1 of 1'
screen '0.000000000000000002 ETH'
wait 400
type no
reply 'request denied'
never '\x1b'
