# on the full screen: Enter is a no, however long the question was there
start
call account_signTransaction '{}'
shows 'READY'
press '\x0d'
reply 'request denied'
shows 'Rejected    Send'
