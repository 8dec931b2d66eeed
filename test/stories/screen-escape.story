# on the full screen: Escape is a no, and an arrow key is no Escape
start
call account_signTransaction '{}'
shows 'READY'
press '\x1b[A'
press '\x1bOB'
wait 300
shows 'READY'
press '\x1b'
reply 'request denied'
shows 'Rejected    Send'
