;;! x86_64 clif fuel
;;! x86_64 machine fuel
;;! aarch64 machine fuel
;;! x86_64 machine epochs
;;! aarch64 machine epochs
(module
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $loop (param i32) (result i32) (local i32)
    (loop $l
      (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func $paths (param i32) (result i32)
    (block $out
      (if (local.get 0)
        (then (local.set 0 (i32.mul (local.get 0) (i32.const 3))))
        (else (local.set 0 (i32.const 7))))
      (br_if $out (i32.eq (local.get 0) (i32.const 9)))
      (local.set 0 (call $leaf (local.get 0)))
      (br_if $out (i32.eq (local.get 0) (i32.const 11)))
      (local.set 0 (i32.const 5)))
    (local.get 0)))
;;= x86_64 clif fuel
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 7 "fuel"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0
;; @001a                               v3 = load.i64 notrap aligned region0 v2+72
;; @001a                               v4 = iconst.i64 1
;; @001a                               v5 = icmp sle v3, v4  ; v4 = 1
;; @001a                               trapnz v5, user12
;; @001d                               v6 = iconst.i32 1
;; @001f                               v7 = iadd v1, v6  ; v6 = 1
;; @0020                               v8 = iconst.i64 -4
;; @0020                               v9 = iadd v3, v8  ; v8 = -4
;; @0020                               store notrap aligned region0 v9, v2+72
;; @0020                               return v7
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 7 "fuel"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;; @0022                               v2 = iconst.i32 0
;; @0022                               v4 = load.i64 notrap aligned region0 v3+72
;; @0022                               v5 = iconst.i64 1
;; @0022                               v6 = icmp sle v4, v5  ; v5 = 1
;; @0022                               trapnz v6, user12
;; @0025                               jump block1(v4, v2, v1)  ; v2 = 0
;;
;;                                 block1(v7: i64, v10: i32, v11: i32):
;; @0025                               v8 = iconst.i64 1
;; @0025                               v9 = icmp sle v7, v8  ; v8 = 1
;; @0025                               trapnz v9, user12
;; @002b                               v12 = iadd v10, v11
;; @0030                               v13 = iconst.i32 1
;; @0032                               v14 = isub v11, v13  ; v13 = 1
;; @0035                               v15 = iconst.i64 -9
;; @0035                               v16 = iadd v7, v15  ; v15 = -9
;; @0035                               store notrap aligned region0 v16, v3+72
;; @0035                               brif v14, block1(v16, v12, v14), block2
;;
;;                                 block2:
;; @003a                               v17 = iconst.i64 -2
;; @003a                               v18 = iadd.i64 v16, v17  ; v17 = -2
;; @003a                               store notrap aligned region0 v18, v3+72
;; @003a                               return v12
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     region0 = 7 "fuel"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0
;; @003c                               v3 = load.i64 notrap aligned region0 v2+72
;; @003c                               v4 = iconst.i64 1
;; @003c                               v5 = icmp sle v3, v4  ; v4 = 1
;; @003c                               trapnz v5, user12
;; @0041                               brif v1, block1, block3
;;
;;                                 block1:
;; @0045                               v6 = iconst.i32 3
;; @0047                               v7 = imul.i32 v1, v6  ; v6 = 3
;; @004a                               jump block2(v7, v3)
;;
;;                                 block3:
;; @004b                               v8 = iconst.i32 7
;; @004f                               v9 = iconst.i64 2
;; @004f                               v10 = iadd.i64 v3, v9  ; v9 = 2
;; @004f                               store notrap aligned region0 v10, v2+72
;; @004f                               jump block2(v8, v10)  ; v8 = 7
;;
;;                                 block2(v11: i32, v14: i64):
;; @0052                               v12 = iconst.i32 9
;; @0054                               v13 = icmp eq v11, v12  ; v12 = 9
;; @0055                               brif v13, block4(v11, v14), block5
;;
;;                                 block5:
;; @0059                               v15 = iconst.i64 -13
;; @0059                               v16 = iadd.i64 v14, v15  ; v15 = -13
;; @0059                               store notrap aligned region0 v16, v2+72
;; @0059                               v17 = call fn0(v0, v11)
;; @0059                               v18 = load.i64 notrap aligned region0 v2+72
;; @005f                               v19 = iconst.i32 11
;; @0061                               v20 = icmp eq v17, v19  ; v19 = 11
;; @0062                               brif v20, block7, block6
;;
;;                                 block7:
;; @0062                               v21 = iconst.i64 6
;; @0062                               v22 = iadd.i64 v18, v21  ; v21 = 6
;; @0062                               store notrap aligned region0 v22, v2+72
;; @0062                               jump block4(v17, v22)
;;
;;                                 block6:
;; @0064                               v23 = iconst.i32 5
;; @0068                               v24 = iconst.i64 4
;; @0068                               v25 = iadd.i64 v18, v24  ; v24 = 4
;; @0068                               store notrap aligned region0 v25, v2+72
;; @0068                               jump block4(v23, v25)  ; v23 = 5
;;
;;                                 block4(v26: i32, v27: i64):
;; @006b                               v28 = iconst.i64 -12
;; @006b                               v29 = iadd v27, v28  ; v28 = -12
;; @006b                               store notrap aligned region0 v29, v2+72
;; @006b                               return v26
;; }
;;= x86_64 machine fuel
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq (%rdi), %rdi
;;   movq 0x48(%rdi), %r8
;;   cmpq $0x1, %r8
;;   jle #trap=user12
;;   leaq -4(%r8), %r8
;;   movq %r8, 0x48(%rdi)
;;   leal 1(%rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq %rsi, %r8
;;   movq (%rdi), %rcx
;;   movq 0x48(%rcx), %rsi
;;   cmpq $0x1, %rsi
;;   jle #trap=user12
;;   uninit  %rax
;;   xorl %eax, %eax
;;   jmp     label1
;; block1:
;;   cmpq $0x1, %rsi
;;   jle #trap=user12
;;   leaq -9(%rsi), %rdx
;;   movq %rdx, 0x48(%rcx)
;;   movq %r8, %rdi
;;   subl $0x1, %edi
;;   leal (%rax, %r8), %eax
;;   testl %edi, %edi
;;   jnz     label2; j label3
;; block2:
;;   movq %rdx, %rsi
;;   movq %rdi, %r8
;;   jmp     label1
;; block3:
;;   leaq -0xb(%rsi), %rdx
;;   movq %rdx, 0x48(%rcx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x10, %rsp
;;   movq %rbx, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p3i }
;; block0:
;;   movq (%rdi), %rbx
;;   movq %rdi, %rcx
;;   movq 0x48(%rbx), %rdi
;;   cmpq $0x1, %rdi
;;   jle #trap=user12
;;   testl %esi, %esi
;;   jnz     label2; j label1
;; block1:
;;   leaq 2(%rdi), %rdi
;;   movq %rdi, 0x48(%rbx)
;;   movl $0x7, %esi
;;   jmp     label3
;; block2:
;;   imull $0x3, %esi, %esi
;;   jmp     label3
;; block3:
;;   cmpl $0x9, %esi
;;   jz      label4; j label5
;; block4:
;;   movq %rsi, %rax
;;   jmp     label8
;; block5:
;;   leaq -0xd(%rdi), %rax
;;   movq %rax, 0x48(%rbx)
;;   movq %rcx, %rdi
;;   call    User(userextname0)
;;   movq 0x48(%rbx), %rcx
;;   cmpl $0xb, %eax
;;   jz      label7; j label6
;; block6:
;;   leaq 4(%rcx), %rdi
;;   movq %rdi, 0x48(%rbx)
;;   movl $0x5, %eax
;;   jmp     label8
;; block7:
;;   leaq 6(%rcx), %rdi
;;   movq %rdi, 0x48(%rbx)
;;   jmp     label8
;; block8:
;;   leaq -0xc(%rdi), %rcx
;;   movq %rcx, 0x48(%rbx)
;;   movq (%rsp), %rbx
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;= aarch64 machine fuel
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x6, [x2]
;;   ldr x7, [x6, #72]
;;   subs xzr, x7, #1
;;   b.le #trap=user12
;;   sub x8, x7, #4
;;   str x8, [x6, #72]
;;   add w2, w3, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x12, [x2]
;;   ldr x4, [x12, #72]
;;   subs xzr, x4, #1
;;   b.le #trap=user12
;;   movz w2, #0
;;   b label1
;; block1:
;;   subs xzr, x4, #1
;;   b.le #trap=user12
;;   sub x0, x4, #9
;;   str x0, [x12, #72]
;;   sub w1, w3, #1
;;   add w2, w2, w3
;;   cbnz w1, label2 ; b label3
;; block2:
;;   mov x3, x1
;;   mov x4, x0
;;   b label1
;; block3:
;;   sub x0, x4, #11
;;   str x0, [x12, #72]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   str x19, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;; block0:
;;   ldr x19, [x2]
;;   ldr x7, [x19, #72]
;;   subs xzr, x7, #1
;;   b.le #trap=user12
;;   cbnz w3, label2 ; b label1
;; block1:
;;   add x7, x7, #2
;;   str x7, [x19, #72]
;;   movz w3, #7
;;   b label3
;; block2:
;;   movz w0, #3
;;   madd w3, w3, w0, wzr
;;   b label3
;; block3:
;;   subs wzr, w3, #9
;;   b.eq label4 ; b label5
;; block4:
;;   mov x2, x3
;;   b label8
;; block5:
;;   sub x0, x7, #13
;;   str x0, [x19, #72]
;;   bl 0
;;   ldr x0, [x19, #72]
;;   subs wzr, w2, #11
;;   b.eq label7 ; b label6
;; block6:
;;   add x7, x0, #4
;;   str x7, [x19, #72]
;;   movz w2, #5
;;   b label8
;; block7:
;;   add x7, x0, #6
;;   str x7, [x19, #72]
;;   b label8
;; block8:
;;   sub x0, x7, #12
;;   str x0, [x19, #72]
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;= x86_64 machine epochs
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x18(%rdi), %rdi
;;   movq (%rdi), %r8
;;   testq %r8, %r8
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block3:
;;   leal 1(%rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movq 8(%rdi), %r9
;;   call    *%r9
;;   jmp     label3
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x18(%rdi), %rdi
;;   movq (%rdi), %rax
;;   testq %rax, %rax
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block3:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   jmp     label4
;; block4:
;;   movq (%rdi), %rcx
;;   testq %rcx, %rcx
;;   jnz     label6; j label5
;; block5:
;;   jmp     label7
;; block7:
;;   movq %rsi, %rcx
;;   subl $0x1, %ecx
;;   leal (%rax, %rsi), %eax
;;   testl %ecx, %ecx
;;   jnz     label8; j label9
;; block8:
;;   movq %rcx, %rsi
;;   jmp     label4
;; block9:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movq 8(%rdi), %rax
;;   call    *%rax
;;   jmp     label3
;; block6:
;;   movq 8(%rdi), %rcx
;;   call    *%rcx
;;   jmp     label7
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x18(%rdi), %r11
;;   movq %rdi, %rcx
;;   movq %r11, %rdi
;;   movq (%rdi), %r11
;;   testq %r11, %r11
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block3:
;;   testl %esi, %esi
;;   jnz     label5; j label4
;; block4:
;;   movl $0x7, %esi
;;   jmp     label6
;; block5:
;;   imull $0x3, %esi, %esi
;;   jmp     label6
;; block6:
;;   cmpl $0x9, %esi
;;   jz      label7; j label8
;; block7:
;;   movq %rsi, %rax
;;   jmp     label11
;; block8:
;;   movq %rcx, %rdi
;;   call    User(userextname0)
;;   cmpl $0xb, %eax
;;   jz      label9; j label10
;; block9:
;;   jmp     label11
;; block10:
;;   movl $0x5, %eax
;;   jmp     label11
;; block11:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movq 8(%rdi), %rax
;;   call    *%rax
;;   jmp     label3
;;= aarch64 machine epochs
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #24]
;;   ldr x6, [x0]
;;   cbnz x6, label2 ; b label1
;; block1:
;;   b label3
;; block3:
;;   add w2, w3, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x8, [x0, #8]
;;   blr x8
;;   b label3
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #24]
;;   ldr x12, [x0]
;;   cbnz x12, label2 ; b label1
;; block1:
;;   b label3
;; block3:
;;   movz w2, #0
;;   b label4
;; block4:
;;   ldr x1, [x0]
;;   cbnz x1, label6 ; b label5
;; block5:
;;   b label7
;; block7:
;;   sub w1, w3, #1
;;   add w2, w2, w3
;;   cbnz w1, label8 ; b label9
;; block8:
;;   mov x3, x1
;;   b label4
;; block9:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x14, [x0, #8]
;;   blr x14
;;   b label3
;; block6:
;;   ldr x1, [x0, #8]
;;   blr x1
;;   b label7
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #24]
;;   ldr x12, [x0]
;;   cbnz x12, label2 ; b label1
;; block1:
;;   b label3
;; block3:
;;   cbnz w3, label5 ; b label4
;; block4:
;;   movz w3, #7
;;   b label6
;; block5:
;;   movz w0, #3
;;   madd w3, w3, w0, wzr
;;   b label6
;; block6:
;;   subs wzr, w3, #9
;;   b.eq label7 ; b label8
;; block7:
;;   mov x2, x3
;;   b label11
;; block8:
;;   bl 0
;;   subs wzr, w2, #11
;;   b.eq label9 ; b label10
;; block9:
;;   b label11
;; block10:
;;   movz w2, #5
;;   b label11
;; block11:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x14, [x0, #8]
;;   blr x14
;;   b label3
