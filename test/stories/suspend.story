# a signer that was stopped and goes on doesn't show a password, which is typed from its beginning
start --line
call account_signTransaction '{}'
screen 'Type yes'
read
type yes
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
screen 'nothing is shown'
press passw
wait 400
suspend
screen 'Type it again (nothing is shown while you type)'
type password-0123456789
reply '"result":{"raw":"0x'
screen 'Signed: 0x'
never password-0
