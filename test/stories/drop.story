# a terminal that goes away is a no
start
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
drop
reply 'request denied'
