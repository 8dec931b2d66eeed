# on the full screen: r is a no, and a no is final
start
call account_signTransaction '{}'
shows 'SIGN?'
wait 400
press r
reply 'request denied'
shows 'Rejected    Send'
ledger 'refusal request.denied'
hides 'Password of'
