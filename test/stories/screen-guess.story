# a method that was found by its four bytes is asked about by default, and shown as a guess
start
call account_signTransaction '{"data":"0xd0e30db0"}'
shows 'call          deposit() (guessed from its selector)'
wait 400
press '\x1b[F'
wait 2000
shows 'READY'
press r
reply 'request denied'
