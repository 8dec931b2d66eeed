# a terminal that goes away is a no
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
drop
reply 'request denied'
