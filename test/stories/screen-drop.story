# on the full screen: a terminal that goes away is a no
start
call account_signTransaction '{}'
shows 'SIGN?'
drop
reply 'request denied'
