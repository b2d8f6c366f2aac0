;; What hot code looks like: nothing in a loop that does not change in it.
;;! x86_64 machine faults
;;! aarch64 machine faults
;;! aarch64 machine checks

(module
  (memory 1)
  (func $sum (param $p i32) (param $end i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $p))))
      (br_if $again
        (i32.ne (local.tee $p (i32.add (local.get $p) (i32.const 4))) (local.get $end))))
    (local.get $sum))
  (func $fib (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else
        (i32.add
          (call $fib (i32.sub (local.get 0) (i32.const 1)))
          (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
;;= x86_64 machine faults
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   movq 0x20(%rdi), %rcx
;;   jmp     label1
;; block1:
;;   movl %esi, %edi
;;   movl (%rcx, %rdi), %edi
;;   leal 4(%rsi), %esi
;;   leal (%rax, %rdi), %eax
;;   cmpl %edx, %esi
;;   jnz     label2; j label3
;; block2:
;;   jmp     label1
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   subq $0x20, %rsp
;;   movq %r12, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;;   movq %r13, 8(%rsp)
;;   unwind SaveReg { clobber_offset: 8, reg: p13i }
;;   movq %r15, 0x10(%rsp)
;;   unwind SaveReg { clobber_offset: 16, reg: p15i }
;; block0:
;;   movq %rdi, %r13
;;   cmpl $0x2, %esi
;;   movq %rsi, %r12
;;   jb      label2; j label1
;; block1:
;;   movq %r12, %rax
;;   movq %rax, %rsi
;;   subl $0x1, %esi
;;   movq %r13, %rdi
;;   call    User(userextname0)
;;   movq %r12, %rsi
;;   movq %rax, %r15
;;   subl $0x2, %esi
;;   movq %r13, %rdi
;;   call    User(userextname0)
;;   movq %r15, %rcx
;;   leal (%rcx, %rax), %eax
;;   jmp     label3
;; block2:
;;   movq %r12, %rsi
;;   movq %rsi, %rax
;;   jmp     label3
;; block3:
;;   movq (%rsp), %r12
;;   movq 8(%rsp), %r13
;;   movq 0x10(%rsp), %r15
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movz w5, #0
;;   ldr x10, [x2, #32]
;;   b label1
;; block1:
;;   ldr w11, [x10, w3, UXTW]
;;   add w3, w3, #4
;;   mov x2, x5
;;   add w2, w2, w11
;;   subs wzr, w3, w4
;;   b.ne label2 ; b label3
;; block2:
;;   mov x5, x2
;;   b label1
;; block3:
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   mov x20, x2
;;   subs wzr, w3, #2
;;   mov x19, x3
;;   b.lo label2 ; b label1
;; block1:
;;   mov x0, x19
;;   sub w3, w0, #1
;;   mov x2, x20
;;   bl 0
;;   mov x3, x19
;;   mov x19, x2
;;   sub w3, w3, #2
;;   mov x2, x20
;;   bl 0
;;   mov x0, x19
;;   add w2, w0, w2
;;   b label3
;; block2:
;;   mov x3, x19
;;   mov x2, x3
;;   b label3
;; block3:
;;   ldp x19, x20, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;= aarch64 machine checks
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #40]
;;   ldr x1, [x2, #32]
;;   movz w2, #0
;;   b label1
;; block1:
;;   mov w5, w3
;;   sub x6, x0, #4
;;   subs xzr, x6, x5
;;   b.lo #trap=heap_oob
;;   add x7, x1, x3, UXTW
;;   movz x8, #0
;;   subs xzr, x6, x5
;;   csel x5, x8, x7, lo
;;   ldr w5, [x5]
;;   add w3, w3, #4
;;   add w2, w2, w5
;;   subs wzr, w3, w4
;;   b.ne label2 ; b label3
;; block2:
;;   b label1
;; block3:
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   ldr x16, [x2]
;;   ldr x16, [x16, #24]
;;   add x16, x16, #32
;;   subs xzr, sp, x16, UXTX
;;   b.lo #trap=stk_ovf
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   mov x20, x2
;;   subs wzr, w3, #2
;;   mov x19, x3
;;   b.lo label2 ; b label1
;; block1:
;;   mov x0, x19
;;   sub w3, w0, #1
;;   mov x2, x20
;;   bl 0
;;   mov x3, x19
;;   mov x19, x2
;;   sub w3, w3, #2
;;   mov x2, x20
;;   bl 0
;;   mov x0, x19
;;   add w2, w0, w2
;;   b label3
;; block2:
;;   mov x3, x19
;;   mov x2, x3
;;   b label3
;; block3:
;;   ldp x19, x20, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
