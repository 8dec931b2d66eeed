# a slip at the boot warning is asked about again
run newaccount
screen 'proceed:'
screen '> '
type ko
screen 'Type ok and Enter to proceed, or no to leave:'
screen '> '
type ok
screen 'Please enter a password for the new account'
