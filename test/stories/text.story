# a text is shown line by line, and nothing in it can look like a line of ours
start --line
call account_signData '["text/plain","0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","0x4c6f6720696e0a66726f6d20e280ae20746865206f776e6572"]'
screen 'SIGN?         Sign a text message'
screen 'account       0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
screen 'message       Log in'
screen 'from ⟨U+202E⟩ the owner'
read
type yes
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
type password-0123456789
screen 'Signed: with 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
reply '"result":"0x'
ledger 'intent kind":"text account_signData'
